namespace Moldau.Compatibility.PowerLoss;

/// <summary>No chance: the disk has what was flushed, and nothing else.</summary>
internal sealed class NothingSurvives : Random
{
    public override int Next(int maxValue) => 0;
}
