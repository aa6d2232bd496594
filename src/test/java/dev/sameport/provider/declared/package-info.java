/// Tests of declared services.
@org.jspecify.annotations.NullMarked
package dev.sameport.provider.declared;
