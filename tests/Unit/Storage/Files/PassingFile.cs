using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Files;

/// <summary>A file that passes every call on to another one; the files of a <see cref="PassingDisk"/> are made of it.</summary>
internal abstract class PassingFile(IFile inner) : IFile
{
    public string Path => Inner.Path;

    public virtual long Length => Inner.Length;

    public SafeFileHandle? Handle => Inner.Handle;

    protected IFile Inner { get; } = inner;

    public virtual int Read(long position, Span<byte> destination) => Inner.Read(position, destination);

    public virtual void Write(long position, ReadOnlySpan<byte> source) => Inner.Write(position, source);

    public virtual void SetLength(long length) => Inner.SetLength(length);

    public virtual void Reserve(long length) => Inner.Reserve(length);

    public virtual void Flush() => Inner.Flush();

    public virtual void Dispose() => Inner.Dispose();
}
