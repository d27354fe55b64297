using Moldau.Storage.Files;

namespace Moldau.Storage.Folders;

/// <summary>Brings a data folder from one format to the next.</summary>
/// <param name="From">The format it begins with; it ends with the one above.</param>
/// <param name="LeavesWayBack">Whether what wrote the older format can still read the folder.</param>
/// <param name="What">What it does, for the operator.</param>
/// <param name="Run">
/// Does it, durably. A crash may interrupt it anywhere, and it is then run again from its beginning: the format is only
/// written down when it has returned.
/// </param>
internal sealed record FormatStep(int From, bool LeavesWayBack, string What, Action<IFileSystem, string> Run);
