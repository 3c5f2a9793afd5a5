package dev.kindstead.protocol;

/** What a call comes to: an answer to encode or a failure to report. */
sealed interface Reply permits Answer, Failure {}
