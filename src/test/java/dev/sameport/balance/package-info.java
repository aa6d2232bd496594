@NullMarked
package dev.sameport.balance;

import org.jspecify.annotations.NullMarked;
