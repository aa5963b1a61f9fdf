// The filter of system calls, as a program for the kernel's filter machine (seccomp(2)). What is
// not named here is allowed: functions are ordinary programs.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>

#include "functions/environment/privileges.h"

namespace pawl::functions::environment {
namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "this processor has no filter of system calls yet"
#endif

// Mounts and namespaces, other processes' memory, the kernel's keys, programs, modules and clock,
// the machine's power and swap; interfaces with a history of holes that no runtime needs.
constexpr unsigned kDenied[] = {
    SYS_acct,
    SYS_add_key,
    SYS_adjtimex,
    SYS_bpf,
    SYS_chroot,
    SYS_clock_adjtime,
    SYS_clock_settime,
    SYS_delete_module,
    SYS_fanotify_init,
    SYS_finit_module,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fsopen,
    SYS_fspick,
    SYS_init_module,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_io_uring_setup,
    SYS_kcmp,
    SYS_kexec_load,
    SYS_keyctl,
    SYS_lookup_dcookie,
    SYS_mount,
    SYS_mount_setattr,
    SYS_move_mount,
    SYS_move_pages,
    SYS_name_to_handle_at,
    SYS_nfsservctl,
    SYS_open_by_handle_at,
    SYS_open_tree,
    SYS_perf_event_open,
    SYS_pidfd_getfd,
    SYS_pivot_root,
    SYS_process_madvise,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_ptrace,
    SYS_quotactl,
    SYS_reboot,
    SYS_request_key,
    SYS_setdomainname,
    SYS_sethostname,
    SYS_setns,
    SYS_settimeofday,
    SYS_swapoff,
    SYS_swapon,
    SYS_syslog,
    SYS_umount2,
    SYS_unshare,
    SYS_userfaultfd,
    SYS_vhangup,
#if defined(__x86_64__)
    SYS_ioperm,
    SYS_iopl,
    SYS_kexec_file_load,
    SYS_uselib,
#endif
};
constexpr std::size_t kDeniedCount = sizeof kDenied / sizeof kDenied[0];
constexpr unsigned kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

class Program {
 public:
  void add(const sock_filter& instruction) { instructions_[count_++] = instruction; }
  void load(std::size_t offset) {
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset)));
  }
  void answer(unsigned action) { add(BPF_STMT(BPF_RET | BPF_K, action)); }
  // The next instruction is for that value only.
  void only_for(unsigned value) { add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1)); }

  bool install() const {
    const sock_fprog program{static_cast<unsigned short>(count_),
                             const_cast<sock_filter*>(instructions_)};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
  }

 private:
  sock_filter instructions_[2 * kDeniedCount + 32]{};
  std::size_t count_ = 0;
};

constexpr unsigned refusal(int error) { return SECCOMP_RET_ERRNO | static_cast<unsigned>(error); }

}  // namespace

const char* filter_system_calls() {
  Program program;
  program.load(offsetof(seccomp_data, arch));
  // Calls of another architecture (32 bit) have other numbers.
  program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  program.answer(refusal(ENOSYS));
  program.load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  program.add(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));  // x32
  program.answer(refusal(ENOSYS));
#endif
  for (const unsigned number : kDenied) {
    program.only_for(number);
    program.answer(refusal(EPERM));
  }
  // Its flags are in memory, where a filter cannot look; the C library goes on with clone.
  program.only_for(SYS_clone3);
  program.answer(refusal(ENOSYS));
  program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
  program.load(offsetof(seccomp_data, args));
  program.add(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kNamespaces, 0, 1));
  program.answer(refusal(EPERM));
  program.answer(SECCOMP_RET_ALLOW);
  return program.install() ? nullptr : "filter system calls";
}

}  // namespace pawl::functions::environment
