namespace Moldau.Coordination.Groups.Consumer;

/// <summary>The topics a regular expression stood for.</summary>
/// <param name="Revision">Of the metadata it was matched against.</param>
/// <param name="Timestamp">When, in milliseconds since 1970.</param>
internal sealed record ResolvedRegex(IReadOnlySet<string> Topics, long Revision, long Timestamp);
