/** From a query to a plan to its results. */
@NullMarked
package dev.kindstead.query;

import org.jspecify.annotations.NullMarked;
