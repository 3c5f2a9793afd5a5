package dev.kindstead.index;

/** Where a composite index is in its life. */
public enum IndexState {
  /** Commits maintain it; what was there before is being entered. */
  CREATING,
  /** It has all its entries. */
  READY,
  /** Nobody uses or maintains it; its entries are being removed. */
  DELETING,
  /** It cannot be built: an entity would have too many entries in it. Nobody uses it. */
  ERROR
}
