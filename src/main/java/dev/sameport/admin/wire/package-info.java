/// The JSON of the control socket, version 1: a field is only ever added; one that changes its
/// meaning makes a version 2 beside it.
@NullMarked
package dev.sameport.admin.wire;

import org.jspecify.annotations.NullMarked;
