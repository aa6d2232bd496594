/// Small eBPF programs, written down in Java: registers, instructions, labels. Pure: what loads
/// them is [dev.sameport.linux.BpfProgram].
///
/// Source: the kernel's Documentation/bpf/standardization/instruction-set.rst (RFC 9669).
@NullMarked
package dev.sameport.linux.bpf;

import org.jspecify.annotations.NullMarked;
