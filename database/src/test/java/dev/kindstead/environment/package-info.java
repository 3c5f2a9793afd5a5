@NullMarked
package dev.kindstead.environment;

import org.jspecify.annotations.NullMarked;
