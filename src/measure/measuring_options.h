#pragma once

#include "base/options.h"
#include "foothold/measuring.h"

namespace foothold {

/// Every field of the rules, declared once, as TunerOptionsTable does.
const OptionsTable<DeviceOptions>& DeviceOptionsTable();
const OptionsTable<RepeatOptions>& RepeatOptionsTable();

}  // namespace foothold
