#if !NET9_0_OR_GREATER
namespace Moldau.Client;

/// <summary>On .NET 8, which has no such type, an object to lock on: `lock` takes either.</summary>
internal sealed class Lock;
#endif
