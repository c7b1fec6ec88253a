#pragma once

#include "base/options.h"
#include "foothold/measuring.h"

namespace foothold::measure {

/// Every field of the rules, declared once, as TunerOptionsTable does.
const base::OptionsTable<DeviceOptions>& DeviceOptionsTable();
const base::OptionsTable<RepeatOptions>& RepeatOptionsTable();

}  // namespace foothold::measure
