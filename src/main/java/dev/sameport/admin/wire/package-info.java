/// The JSON of the admin API: names and shapes are public and guarded by golden files.
@NullMarked
package dev.sameport.admin.wire;

import org.jspecify.annotations.NullMarked;
