#pragma once

#include "base/options.h"
#include "foothold/measuring.h"

namespace foothold {

/// Every field of the rules, declared once, as TunerOptionsTable does.
const OptionsTable<DeviceRules>& DeviceRulesTable();
const OptionsTable<RepeatRules>& RepeatRulesTable();

}  // namespace foothold
