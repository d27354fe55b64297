namespace Moldau.Client.DeadLetters;

/// <summary>What a replay did.</summary>
/// <param name="Sent">How many letters were sent back.</param>
/// <param name="Gone">Letters without a copy whose records are no longer where they came from: nothing was sent for them.</param>
public sealed record ReplayResult(long Sent, IReadOnlyList<DeadLetter> Gone);
