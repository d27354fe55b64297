namespace Moldau.Bench.Native;

/// <summary>A native library refused; a bench that went on would measure nothing.</summary>
internal sealed class NativeCodecException(string library, long code) : Exception($"{library} answered {code}");
