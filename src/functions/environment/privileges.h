// What a process gives up for ever: its user, its capabilities, and system calls that no function
// needs.
#pragma once

namespace pawl::functions::environment {

// The caller becomes this user and group, with no others. Null, or the step that failed.
const char* become(long user);
// No capabilities after any exec: before the user changes, who may not do this any more.
void empty_bounding_set();
// No capabilities now, and no new privileges by any exec.
const char* drop_capabilities();
// All but the one to end processes of other users.
void keep_only_kill();
// System calls that change the machine or look into other processes fail with EPERM from now on.
const char* filter_system_calls();

}  // namespace pawl::functions::environment
