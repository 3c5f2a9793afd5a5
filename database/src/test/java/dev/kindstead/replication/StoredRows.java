package dev.kindstead.replication;

import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** All that a store holds, to be compared. */
final class StoredRows {
  private StoredRows() {}

  static List<String> of(OrderedStore store) {
    var rows = new ArrayList<String>();
    var hex = HexFormat.of();
    try (OrderedStore.View view = store.view()) {
      for (Space space : Space.values()) {
        try (OrderedStore.Scan scan = view.scan(space, new byte[0], new byte[0], false)) {
          for (; scan.isValid(); scan.next()) {
            rows.add(
                "%s %s = %s"
                    .formatted(space, hex.formatHex(scan.key()), hex.formatHex(scan.value())));
          }
        }
      }
    }
    return rows;
  }
}
