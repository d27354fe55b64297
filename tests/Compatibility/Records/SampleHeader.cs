namespace Moldau.Compatibility.Records;

/// <summary>A header of a <see cref="SampleRecord"/>.</summary>
internal sealed record SampleHeader(string Key, byte[]? Value);
