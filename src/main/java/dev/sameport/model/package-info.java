/// What is and what should be: records without I/O; a constructor rejects nonsense and names the
/// value.
@NullMarked
package dev.sameport.model;

import org.jspecify.annotations.NullMarked;
