#include "functions/environment/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace pawl::functions::environment {
namespace {

bool set_capabilities(unsigned kept) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  data[0].effective = data[0].permitted = kept;
  return syscall(SYS_capset, &header, data) == 0;
}

}  // namespace

void empty_bounding_set() {
  // Beyond the kernel's last one it fails.
  for (unsigned long capability = 0; capability < 64; ++capability) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) break;
  }
}

const char* become(long user) {
  if (user < 0) return nullptr;
  const auto id = static_cast<unsigned>(user);
  if (setgroups(0, nullptr) != 0) return "set groups";
  if (setresgid(id, id, id) != 0) return "set group";
  if (setresuid(id, id, id) != 0) return "set user";
  return nullptr;
}

const char* drop_capabilities() {
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (!set_capabilities(0)) return "drop capabilities";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no new privileges";
  return nullptr;
}

void keep_only_kill() {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  empty_bounding_set();
  // Without it already, there is nothing to give up.
  if (!set_capabilities(1u << CAP_KILL)) errno = 0;
}

}  // namespace pawl::functions::environment
