namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>Copies of dead letters that are appended together.</summary>
/// <param name="Bytes">A batch.</param>
/// <param name="Offsets">Of what it has copies.</param>
internal sealed record DeadLetterBatch(byte[] Bytes, IReadOnlyList<(long First, long Last)> Offsets);
