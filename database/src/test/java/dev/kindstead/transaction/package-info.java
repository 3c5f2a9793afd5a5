@NullMarked
package dev.kindstead.transaction;

import org.jspecify.annotations.NullMarked;
