package dev.kindstead.replication;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;

/** Names and settings of databases as bytes. */
public final class SettingsEncoding {
  private SettingsEncoding() {}

  public static EntryWriter writeDatabase(EntryWriter to, DatabaseId database) {
    return to.writeString(database.project()).writeString(database.database());
  }

  public static DatabaseId readDatabase(EntryReader from) {
    return new DatabaseId(from.readString(), from.readString());
  }

  public static int modeNumber(ConcurrencyMode mode) {
    return switch (mode) {
      case OPTIMISTIC -> 1;
      case PESSIMISTIC -> 2;
      case OPTIMISTIC_WITH_ENTITY_GROUPS -> 3;
    };
  }

  public static ConcurrencyMode mode(EntryReader from, int number) {
    return switch (number) {
      case 1 -> ConcurrencyMode.OPTIMISTIC;
      case 2 -> ConcurrencyMode.PESSIMISTIC;
      case 3 -> ConcurrencyMode.OPTIMISTIC_WITH_ENTITY_GROUPS;
      default -> throw from.corrupt("has the unknown concurrency mode " + number);
    };
  }
}
