# One line a target: pawl_fuzz_target(name layer)
pawl_fuzz_target(json json)
pawl_fuzz_target(asl asl)
pawl_fuzz_target(store store)
