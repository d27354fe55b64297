using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Files;

/// <summary>A fault put in: a file that says it was flushed, and was not.</summary>
internal sealed class UnflushedFile(IFile inner) : PassingFile(inner)
{
    public override void Flush()
    {
        // The fault.
    }
}
