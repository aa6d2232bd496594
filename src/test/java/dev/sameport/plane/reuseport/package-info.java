/// Tests of the reuseport plane, in network namespaces of their own.
@org.jspecify.annotations.NullMarked
package dev.sameport.plane.reuseport;
