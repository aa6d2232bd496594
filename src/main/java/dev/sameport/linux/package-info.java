/// The kernel of this machine, as far as Sameport needs it: nftables, links, routes, sockets,
/// flows, processes and network namespaces.
///
/// The only package that calls native code, through `java.lang.foreign`: one handle for
/// `syscall(2)` (`SystemCall`) and those of libnftables. It knows nothing of services. A socket
/// belongs to the network namespace of the thread that opened it, so whatever has an `open()`
/// belongs to its caller's namespace: open it inside [dev.sameport.linux.NetworkNamespace#call] to
/// work in another one. Runs on 64-bit x86 and ARM. A failed call is a
/// [dev.sameport.linux.LinuxException].
@NullMarked
package dev.sameport.linux;

import org.jspecify.annotations.NullMarked;
