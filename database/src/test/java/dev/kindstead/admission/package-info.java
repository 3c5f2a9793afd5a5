@NullMarked
package dev.kindstead.admission;

import org.jspecify.annotations.NullMarked;
