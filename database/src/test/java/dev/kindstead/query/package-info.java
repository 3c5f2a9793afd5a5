@NullMarked
package dev.kindstead.query;

import org.jspecify.annotations.NullMarked;
