package dev.kindstead.storage;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Invariant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the commits after a snapshot's timestamp superseded: the earliest change of a key since then
 * tells what was there before. Some may not be in the view yet, where the key is still current:
 * those have no value here, and the merge takes the current one. Confined to one thread.
 */
final class RecentlySuperseded implements Superseded {
  private record Found(byte[] key, byte[] before, long until) {}

  private final OrderedStore.View view;
  private final Space space;
  private final List<Found> found = new ArrayList<>();
  private int position;

  RecentlySuperseded(
      OrderedStore.View view,
      RecentChanges.Commit[] commits,
      Space space,
      byte[] from,
      byte[] until,
      boolean reverse) {
    this.view = view;
    this.space = space;
    Set<Bytes> seen = new HashSet<>();
    for (RecentChanges.Commit commit : commits) {
      for (RecentChanges.Recent change : commit.in(space)) {
        if (RecentChanges.isWithin(change.key(), from, until)
            && seen.add(Bytes.of(change.key()))
            && change.before() != null) {
          found.add(new Found(change.key(), change.before(), commit.timestamp()));
        }
      }
    }
    if (found.size() > 1) {
      Comparator<Found> order = Comparator.comparing(Found::key, ByteOrder.UNSIGNED);
      found.sort(reverse ? order.reversed() : order);
    }
  }

  @Override
  public byte @Nullable [] key() {
    return position < found.size() ? found.get(position).key : null;
  }

  @Override
  public byte[] value() {
    Found here = found.get(position);
    if (space == Space.INDEX) {
      return here.before;
    }
    byte[] row = view.get(Space.HISTORY, HistoryKeys.key(space, here.key, here.until));
    if (row == null) {
      throw Invariant.broken("a superseded row is current or in history");
    }
    return row;
  }

  @Override
  public void next() {
    position++;
  }

  @Override
  public void close() {}
}
