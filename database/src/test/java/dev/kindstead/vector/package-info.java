@NullMarked
package dev.kindstead.vector;

import org.jspecify.annotations.NullMarked;
