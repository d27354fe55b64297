using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>What became of the logs of a data folder at a start.</summary>
/// <param name="Logs">Each partition that was asked for, in the same order.</param>
/// <param name="Notes">What was found that is not as an orderly stop leaves it.</param>
public sealed record FolderOpening(IReadOnlyList<OpenedLog> Logs, IReadOnlyList<RecoveryNote> Notes);
