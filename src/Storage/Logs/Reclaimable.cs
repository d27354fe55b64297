namespace Moldau.Storage.Logs;

/// <summary>Something that is held for speed only, and can be given up and had again.</summary>
internal abstract class Reclaimable
{
    /// <summary>Its place in its <see cref="Budget"/>; -1 where it is in none.</summary>
    internal int Slot { get; set; } = -1;

    internal long Cost { get; set; }

    /// <summary>Set by each use, taken away by the budget's hand: what was not used for a round of it goes first.</summary>
    internal bool WasUsed { get; set; }

    /// <returns>False where it is in use.</returns>
    internal abstract bool TryReclaim();
}
