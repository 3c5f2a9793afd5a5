package dev.kindstead.administration;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.service.IndexAdministration.Described;
import java.util.List;

/**
 * A page of a list of indexes, as both APIs ask for it.
 *
 * @param nextToken empty on the last page
 */
record IndexPage(List<Described> indexes, String nextToken) {
  /** Indexes in one page at most. */
  private static final int SIZE_MAX = 1_000;

  /**
   * @param all in the order of their ids
   * @param size zero for as many as there may be
   * @param token empty for the first page
   */
  static IndexPage of(List<Described> all, String filter, int size, String token) {
    if (!filter.isEmpty()) {
      throw DatastoreException.unimplemented("a filter on indexes");
    }
    long after = token.isEmpty() ? 0 : ResourceNames.index(token);
    int most = size <= 0 ? SIZE_MAX : Math.min(size, SIZE_MAX);
    List<Described> rest = all.stream().filter(each -> each.index().id() > after).toList();
    return rest.size() <= most
        ? new IndexPage(rest, "")
        : new IndexPage(
            rest.subList(0, most), IndexDefinition.idText(rest.get(most - 1).index().id()));
  }
}
