/* Loads a library and prints what that cost: microseconds, KiB of resident memory, bytes of its file and of those that came with it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long resident_kib(void)
{
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &size, &resident) != 2)
        return 0;
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int add_file_size(struct dl_phdr_info *info, size_t size, void *total)
{
    (void)size;
    struct stat file;
    if (info->dlpi_name[0] == '/' && stat(info->dlpi_name, &file) == 0)
        *(long *)total += file.st_size;
    return 0;
}

static long loaded_bytes(void)
{
    long total = 0;
    dl_iterate_phdr(add_file_size, &total);
    return total;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    long bytes = loaded_bytes(), resident = resident_kib();
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    resident = resident_kib() - resident;
    double microseconds = (end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3;
    printf("%.1f %ld %ld\n", microseconds, resident, loaded_bytes() - bytes);
    return 0;
}
