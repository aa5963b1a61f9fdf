# One line a target: pawl_fuzz_target(name layer)
