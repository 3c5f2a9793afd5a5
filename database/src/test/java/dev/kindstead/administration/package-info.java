@NullMarked
package dev.kindstead.administration;

import org.jspecify.annotations.NullMarked;
