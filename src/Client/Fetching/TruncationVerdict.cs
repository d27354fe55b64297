namespace Moldau.Client.Fetching;

/// <summary>Whether a log was cut back below what was read, and from where on it may be another; null where that is not known.</summary>
internal readonly record struct TruncationVerdict(bool IsTruncated, OffsetPosition? Diverges);
