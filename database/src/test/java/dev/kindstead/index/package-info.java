@NullMarked
package dev.kindstead.index;

import org.jspecify.annotations.NullMarked;
