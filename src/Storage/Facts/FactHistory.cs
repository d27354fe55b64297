using System.Collections.Immutable;

namespace Moldau.Storage.Facts;

/// <summary>The revisions kept, from the lowest on. Never changed: readers hold one while the writer makes the next.</summary>
internal sealed class FactHistory
{
    // The lowest is a state only: its changes are not kept.
    private readonly ImmutableList<FactRevision> _revisions;

    private FactHistory(ImmutableList<FactRevision> revisions)
    {
        _revisions = revisions;
        Latest = revisions[^1];
    }

    public FactRevision Latest { get; }

    public FactRevision Lowest => _revisions[0];

    public static FactHistory StartingAt(long revision, FactImage image) => new([new FactRevision(revision, image, [])]);

    /// <summary>A revision between the lowest and the latest.</summary>
    public FactRevision At(long revision) => _revisions[(int)(revision - Lowest.Revision)];

    public FactHistory With(FactRevision next) => new(_revisions.Add(next));

    public FactHistory CompactedTo(long revision) =>
        revision <= Lowest.Revision ? this : new FactHistory(_revisions.RemoveRange(0, (int)(revision - Lowest.Revision)));

    public void EnsureKept(long revision)
    {
        if (revision < Lowest.Revision) throw new FactCompactedException(revision, Lowest.Revision);
    }
}
