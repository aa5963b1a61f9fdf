// TestState's answer (step-functions.md A4.33, A4.34).
#pragma once

#include <string_view>

#include "services/states/test_run.h"

namespace pawl::states {

// `inspection_level`: INFO shows no inspectionData.
json::Value test_answer(const TestRun& run, const TestVerdict& verdict,
                        std::string_view inspection_level);

}  // namespace pawl::states
