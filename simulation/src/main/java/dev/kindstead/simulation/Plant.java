package dev.kindstead.simulation;

/** A fault that a test plants into what the product stands on: a run must find it. */
public enum Plant {
  NOTHING,
  /** A replica's log says that it has been quiet for long: a new oracle waits for no lease. */
  LEASE_NOT_WAITED_OUT,
  /** Clocks stand still in pauses: who held a lease before believes to hold it afterwards. */
  LEASE_NOT_CHECKED_AGAIN,
  /** A leader applies and acknowledges what it alone has. */
  ACKNOWLEDGED_BEFORE_A_MAJORITY,
  /** A leader starts before it has applied what earlier ones were agreed on. */
  LEADS_BEFORE_IT_HAS_APPLIED,
  /** A store that was restarted shows no prepared transactions. */
  INTENTS_FORGOTTEN,
  /** A log goes on after a failed sync as if the next one would make up for it. */
  DISK_ERROR_IGNORED,
  /** A leader applies what its followers have synced, though its own disk has not. */
  APPLIED_BEFORE_ITS_OWN_DISK,
  /** A strong query that is read in pages answers as of some time of the past. */
  PAGES_OF_ANOTHER_TIME,
  /** Once all is healed, no transaction on lists that begins then is let write. */
  WRITES_REFUSED_ONCE_HEALED
}
