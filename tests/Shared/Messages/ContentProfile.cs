namespace Moldau.Shared.Messages;

/// <summary>How much of a message random content fills.</summary>
internal enum ContentProfile
{
    /// <summary>Every field is set: nothing null, no array empty.</summary>
    Full,

    /// <summary>Null wherever a version allows it; otherwise empty, zero or the default.</summary>
    Sparse,

    /// <summary>Defaults, but for a field here and there: what one field alone does is seen.</summary>
    Lean,

    /// <summary>Anything, with a liking for the extremes.</summary>
    Mixed,
}
