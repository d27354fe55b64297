namespace Moldau.Compatibility.PowerLoss;

/// <summary>One call that was about to be made, or, as <see cref="JournalKind.End"/>, what came of one: its result is the offset.</summary>
/// <param name="Kind">Which call.</param>
/// <param name="IsFirstFlag">Of an open: it makes what is not there. Of a flush of the disk: bytes are flushed, and names are not.</param>
/// <param name="IsSecondFlag">Of an open: the file is emptied.</param>
/// <param name="Serial">Its number; its end has the same.</param>
/// <param name="File">The number of the open that it works on.</param>
/// <param name="Offset">A write's place, a cut's length, an end's result.</param>
/// <param name="Path">Below the folder that is watched.</param>
/// <param name="OtherPath">A rename's new one.</param>
/// <param name="Data">What is written.</param>
internal sealed record JournalRecord(JournalKind Kind, bool IsFirstFlag, bool IsSecondFlag, ulong Serial, ulong File, long Offset, string Path, string OtherPath, ReadOnlyMemory<byte> Data);
