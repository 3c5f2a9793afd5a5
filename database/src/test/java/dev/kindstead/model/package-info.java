@NullMarked
package dev.kindstead.model;

import org.jspecify.annotations.NullMarked;
