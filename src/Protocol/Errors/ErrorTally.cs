namespace Moldau.Protocol.Errors;

/// <summary>Counts errors into a caller's array, a place for each code.</summary>
/// <param name="counts">Of <see cref="Length"/> places.</param>
public readonly ref struct ErrorTally(Span<long> counts)
{
    /// <summary>The codes there are: from -1 on, with the success among them, which is not counted.</summary>
    public const int Length = LowestBelowZero + (int)ErrorCode.ShareSessionLimitReached + 1;

    private const int LowestBelowZero = -(int)ErrorCode.UnknownServerError;

    private readonly Span<long> _counts = counts;

    public static ErrorCode CodeAt(int place) => (ErrorCode)(place - LowestBelowZero);

    public void Add(ErrorCode error)
    {
        if (error == ErrorCode.None) return;
        var place = (int)error + LowestBelowZero;
        if ((uint)place < (uint)_counts.Length) _counts[place]++;
    }
}
