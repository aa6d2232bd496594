/// Tests of the assembler.
@org.jspecify.annotations.NullMarked
package dev.sameport.linux.bpf;
