/** What GQL text can be misread as, and what must be refused. */
@NullMarked
package dev.kindstead.gql;

import org.jspecify.annotations.NullMarked;
