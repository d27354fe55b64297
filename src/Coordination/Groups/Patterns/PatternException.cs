namespace Moldau.Coordination.Groups.Patterns;

/// <summary>A text is no regular expression of RE2's syntax; the message is RE2's reason.</summary>
public sealed class PatternException(string reason) : Exception(reason);
